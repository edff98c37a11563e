"""Long exports: written by a job, kept for some days for the one who asked, and for nobody else."""
