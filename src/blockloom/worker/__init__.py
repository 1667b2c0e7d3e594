"""The worker process: takes jobs, runs graphs with diffusers on one device, tells how it goes."""
