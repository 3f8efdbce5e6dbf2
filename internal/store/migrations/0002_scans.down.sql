DROP TABLE scan_package;
DROP TABLE scan_upstream;
DROP TABLE scan;
DROP TABLE package;
