"""What Prometheus is told: how long requests take, what is sent, and how the work goes."""
