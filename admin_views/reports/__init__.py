"""The reports of the dashboard, a file each, in the order in which they are shown."""

from admin_views.reports.answers_report import REPORT as ANSWERS
from admin_views.reports.appointments_report import REPORT as APPOINTMENTS
from admin_views.reports.automatic_report import REPORT as AUTOMATIC
from admin_views.reports.busy_hours_report import REPORT as BUSY_HOURS
from admin_views.reports.delivery_rates_report import REPORT as DELIVERY
from admin_views.reports.messages_report import REPORT as MESSAGES
from admin_views.reports.opt_outs_report import REPORT as OPT_OUTS
from admin_views.reports.people_report import REPORT as PEOPLE
from admin_views.reports.report import Report

REPORTS: dict[str, Report] = {
    report.key: report
    for report in (
        MESSAGES,
        ANSWERS,
        BUSY_HOURS,
        DELIVERY,
        PEOPLE,
        AUTOMATIC,
        APPOINTMENTS,
        OPT_OUTS,
    )
}
