"""The pull-request report: what a change of infra/ changes, widens, breaks and costs, before anything is deployed."""
