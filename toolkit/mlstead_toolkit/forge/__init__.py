"""Where the repository is reviewed: comments, issues and pull requests of GitHub and GitLab, by their APIs."""
