"""The scheduler as it is, but for an hour between two passes."""

from jobs import schedule

if __name__ == "__main__":
    schedule.PASS_SECONDS = 3600
    schedule.main()
