"""One module for each family of models. The only place that imports torch; runs inside a worker process only."""
