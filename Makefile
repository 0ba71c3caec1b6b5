# Thin names over the dotnet commands; every one of them works without make.
.PHONY: setup dev test test-coverage db-seed db-reset bench lint

setup:            ## restore, build, install the git hook
	dotnet build
	git config core.hooksPath build/hooks

dev:              ## everything: database, Api, Worker, Web
	dotnet run --project FitTrack.AppHost

test:             ## without the Browser and Chaos categories
	dotnet test --filter "Category!=Browser&Category!=Chaos"

test-coverage:    ## HTML report in artifacts/coverage/index.html; fails under 85 % overall, 90 % for data and rules
	bash build/coverage.sh

db-seed:          ## demo data into the local database, running or not
	dotnet run --project FitTrack.AppHost -- worker seed --if-empty

db-reset:         ## drop, migrate, seed the local database, running or not
	dotnet run --project FitTrack.AppHost -- worker reset

bench:            ## every scenario beside its own limit
	dotnet run -c Release --project bench/FitTrack.Bench

lint:             ## formatting, analyzers, secrets
	dotnet format --verify-no-changes --severity warn
	dotnet build -warnaserror
	bash build/hooks/secret-scan --all
