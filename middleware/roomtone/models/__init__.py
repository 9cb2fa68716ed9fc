"""Neural models: what is asked of them, the processes they run in, and the pool that decides what is made next."""
