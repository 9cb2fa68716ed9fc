"""Speed, measured: each figure beside a peer or a ceiling from the same run."""
