// Command train makes the forecast's model anew, the same bytes each time.
//
//	go run ./internal/forecast/train                                   from the table in the repository
//	go run ./internal/forecast/train --histories DIR --retired FILE    the table too, from a folder of history archives
//	go run ./internal/forecast/train --report                          print out-of-fold figures; write nothing
//	go run ./internal/forecast/train --report --before 2019-01-01      the same in time: trained on what was known then
//	go run ./internal/forecast/train --case DIR                        what the embedded model says of one archive, by quarter
//
// It is run from anywhere inside the repository.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/mainstay-oss/mainstay/internal/forecast"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.SetOutput(stderr)
	histories := flags.String("histories", "", "folder of history archives to make the table from")
	retired := flags.String("retired", "", "tab-separated list of retirement dates: repo, date, evidence")
	report := flags.Bool("report", false, "print out-of-fold figures beside the baselines, and write nothing")
	before := flags.String("before", "", "with --report: train on the quarters whose outcome was known by this date (YYYY-MM-DD), and judge those from it on")
	archive := flags.String("case", "", "print what the embedded model says of the history archive in this folder, by quarter, and write nothing")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *archive != "" && (flags.NFlag() > 1 || flags.NArg() > 0) {
		fmt.Fprintln(stderr, "train: --case stands alone; see --help")
		return 2
	}
	if *archive != "" {
		if err := showCase(*archive, stdout); err != nil {
			fmt.Fprintln(stderr, "train:", err)
			return 4
		}
		return 0
	}
	if flags.NArg() > 0 || (*histories == "") != (*retired == "") {
		fmt.Fprintln(stderr, "train: want --histories and --retired together, or neither, and nothing else; see --help")
		return 2
	}
	if *before != "" && (!*report || *histories != "") {
		fmt.Fprintln(stderr, "train: --before goes with --report alone; see --help")
		return 2
	}
	if err := train(*histories, *retired, *before, *report, stdout); err != nil {
		fmt.Fprintln(stderr, "train:", err)
		return 4
	}
	return 0
}

func train(histories, retired, before string, report bool, stdout io.Writer) error {
	home, err := packageFolder()
	if err != nil {
		return err
	}
	tablePath, modelPath := filepath.Join(home, "table.csv"), filepath.Join(home, "model.json")

	var table []byte
	if histories == "" {
		table, err = os.ReadFile(tablePath)
	} else {
		table, err = makeTable(histories, retired)
	}
	if err != nil {
		return err
	}
	rows, err := forecast.ReadTable(bytes.NewReader(table))
	if err != nil {
		return err
	}
	if before != "" {
		f, err := forecast.TrainBefore(rows, before)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%d project-quarters from %s on, judged by a model trained on other projects' quarters whose outcome was known by then\n", len(f.Rows), before)
		return f.Report(stdout)
	}
	if report && histories == "" {
		return printReport(forecast.Default(), rows, stdout) // the model as shipped; a test holds it against the table
	}
	model, err := forecast.Train(rows)
	if err != nil {
		return err
	}
	if report {
		return printReport(model, rows, stdout)
	}
	encoded, err := model.Encode()
	if err != nil {
		return err
	}
	if histories != "" {
		if err := os.WriteFile(tablePath, table, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "wrote %s: %d rows\n", tablePath, len(rows))
	}
	if err := os.WriteFile(modelPath, encoded, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "wrote %s: %d projects, out-of-fold AUC %.3f, average precision %.3f\n",
		modelPath, len(model.Projects), model.Figures.Stop.AUC, model.Figures.Stop.AP)
	return nil
}

// printReport judges a model on the rows that it was trained on, out-of-fold.
func printReport(model *forecast.Model, rows []forecast.Row, stdout io.Writer) error {
	fmt.Fprintf(stdout, "%d project-quarters of %d projects, the newest of %s; every project judged by a model that never saw it;\nin brackets 95 %% intervals over projects drawn with replacement\n",
		model.Rows, len(model.Projects), model.Newest)
	return model.OutOfFold(rows).Report(stdout)
}

// packageFolder finds internal/forecast of the module around the working directory.
func packageFolder() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		home := filepath.Join(dir, "internal", "forecast")
		if _, err := os.Stat(filepath.Join(home, "terms.go")); err == nil {
			return home, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no internal/forecast above the working directory; run this inside the repository")
		}
		dir = up
	}
}
