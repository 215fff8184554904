from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Told
from admin_views.reports.report_words import MINUTE, days_of, of_before, on_page
from app.models import What
from app.reports.answer_times import first_ones, median
from app.reports.counted import Count, counted
from app.reports.period import Period


def tell(now: Period, before: Period) -> Told:
    """Of answers that people wrote; a customer waits from the first that they wrote since."""
    found, earlier = counted(What.ANSWER, now), counted(What.ANSWER, before)
    of_day: list[list[Count]] = [[] for _ in now.days]
    for answer in found:
        of_day[answer.day].append(answer)
    medians = [median(answers) for answers in of_day]
    counts = [sum(each.total for each in answers) for answers in of_day]
    firsts = [median(first_ones(answers)) for answers in of_day]
    rows = list(zip(now.days, counts, firsts, medians, strict=True)) if found else []
    minutes = [-(-time // MINUTE) if time else 0 for time in medians]
    return Told(
        ("Day", "Answers", "Median of first answers", "Median of all answers"),
        rows,
        Stacks(days_of(now), {"Minutes": minutes}, upright=True, unit=" min") if found else None,
        of_before(f"Half of the answers came within {on_page(median(found))}", median(earlier)),
    )


REPORT = Report("answers", "Time to an answer", "Nobody waited for an answer in these days.", tell)
