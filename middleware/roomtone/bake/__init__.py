"""Baking: scenes and prompts to files that a game ships, rendered once, on every core, and never twice.

Data flows one way: an `order` is read (`prompt_list`, `states`) and becomes a `plan` of jobs, each named by everything
that decides how it sounds (`fingerprint`). `rendering` turns a job into raw sound and what was measured of it, `levels`
finds one gain for all that belongs together, `encoding` writes the files, `manifest` says what they are. `workers` run
jobs in processes that may die, `farm` on a cluster; `baking` conducts.
"""
