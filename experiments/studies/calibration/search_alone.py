"""A plain search for comparison with the fit: Optuna's TPE minimises the distance between moments.

``python -m shequn.experiments.studies.calibration.search_alone`` uses the first logs of the recovery study, with the
same number of runs. A search gives a point and no interval, so its distance from the true values is compared.
"""

import click
import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.moments import distance
from shequn.experiments.calibration.parameters import overrides
from shequn.experiments.studies.calibration.recovery import Study, known_logs, read_study

Numbers = npt.NDArray[np.float64]


def search_point(study: Study, target: dict[str, float], n_trials: int) -> Numbers:
    """Position (n_parameters,) of the nearest of ``n_trials`` trials that TPE proposes one after another."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=study.bench.seed, multivariate=True, n_startup_trials=60)
    search = optuna.create_study(sampler=sampler)
    names = [p.key for p in study.parameters]

    def loss(trial: optuna.Trial) -> float:
        unit = np.array([trial.suggest_float(name, 0.0, 1.0) for name in names])
        place = tuple(map(float, unit))
        trial_result = study.bench.run(trial.number, place, overrides(study.parameters, unit))
        return 100.0 if trial_result.moments is None else distance(trial_result.moments, target)

    search.optimize(loss, n_trials=n_trials)
    return np.array([search.best_params[name] for name in names])


@click.command()
@click.option("--logs", default=5, show_default=True, help="Number of logs, from the first.")
@click.option("--trials", default=0, help="Runs for each; default: as the study's fits.")
def main(logs: int, trials: int) -> None:
    """Search, and print the errors."""
    study = read_study()
    errors = []
    for number, (truth, target) in zip(range(logs), known_logs(study), strict=False):
        errors.append(np.abs(search_point(study, target, trials or study.trials) - truth))
        click.echo(f"log {number}: {np.round(errors[-1], 3)}", err=True)
    for parameter, error in zip(study.parameters, np.median(errors, axis=0), strict=True):
        click.echo(f"{parameter.key:34}{error:>8.3f}")
    click.echo(f"{'all':34}{np.median(errors):>8.3f}")


if __name__ == "__main__":
    main()
