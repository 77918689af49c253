"""From files to arrays: places, scenarios, calibration and the assembly of a run's inputs."""
