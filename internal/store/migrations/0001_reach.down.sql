DROP TABLE reach;
DROP TABLE upstream;
DROP TABLE subject;
