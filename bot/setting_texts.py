"""What each setting means, as `.env.example` and the documents say it."""

DESCRIPTIONS: dict[str, str] = {
    "CONNECT_HOST": "the address to listen on",
    "CONNECT_PORT": "the port to listen on",
    "CONNECT_DEBUG": "true writes debug logs; never in production",
    "CONNECT_LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR",
    "CONNECT_LOG_FORMAT": "console for people, json for one object a line",
    "DATABASE_URL": "where everything is kept; in production mysql+pymysql://user:password@host:3306/connect",
    "SLACK_BOT_TOKEN": "OAuth & Permissions → Bot User OAuth Token (xoxb-…)",
    "SLACK_SIGNING_SECRET": "Basic Information → Signing Secret; several with commas while one is being replaced",
    "SLACK_API_URL": "another address for Slack's Web API, for a sandbox",
    "SLACK_WORK_OBJECTS": "true shows issues and pull requests as Work Objects, once they are enabled in the "
    "app's settings",
    "JIRA_BASE_URL": "https://your-site.atlassian.net, or the address of your Data Center",
    "JIRA_EMAIL": "Cloud: the account that the API token belongs to; Data Center: leave it empty",
    "JIRA_API_TOKEN": "Cloud: an API token; Data Center: a personal access token",
    "JIRA_WEBHOOK_SECRET": "the secret you gave the webhook in Jira; several with commas",
    "JIRA_SITES": "more Jiras, as JSON by name: "
    '`{"eu": {"base_url": "…", "email": "…", "api_token": "…", "webhook_secret": "…", "projects": ["SHOP"]}}`',
    "JIRA_DEFAULT_PROJECT": "the project's key where nothing nearer says",
    "JIRA_DEFAULT_ISSUE_TYPE": "the type where nothing nearer says",
    "JIRA_OAUTH_CLIENT_ID": "for people to act by their own Jira accounts: the client id of your OAuth 2.0 app",
    "JIRA_OAUTH_CLIENT_SECRET": "its secret",
    "JIRA_OAUTH_AUTH_URL": "another address for Atlassian's sign-in, for a sandbox; Data Center has its own",
    "JIRA_OAUTH_API_URL": "another address for Atlassian's gateway, for a sandbox; Data Center has none",
    "JIRA_PREVIEW_PROJECTS": "keys, with commas, of the projects whose issues may be previewed in every channel; "
    "empty: whatever Jira lets the person see who shares a link",
    "JIRA_WORKFLOW_PROJECTS": "keys, with commas, of the projects in which workflow steps may act where nobody is "
    "known who started the workflow; empty: none, but they create issues in JIRA_DEFAULT_PROJECT",
    "JIRA_WITHOUT_ACCOUNT": "allow or refuse: whether people whose Jira account is not known may create issues, reply "
    "into them, subscribe channels and look at issues",
    "GITHUB_TOKEN": "a fine-grained token that may read repositories and write issues; empty for a GitHub App",
    "GITHUB_API_URL": "another address for GitHub's API: https://your-host/api/v3 for Enterprise Server",
    "GITHUB_WEBHOOK_SECRET": "the secret you gave the webhook in GitHub; several with commas",
    "GITHUB_APP_ID": "the id of the GitHub App that connect is, or whose webhook it catches up with",
    "GITHUB_APP_PRIVATE_KEY": r"the App's private key, in PEM; \n may stand for the ends of its lines",
    "GITHUB_OAUTH_CLIENT_ID": "for people to act by their own GitHub accounts: the client id of the GitHub App, "
    "or of an OAuth app, with the device flow enabled",
    "GITHUB_WORKFLOW_REPOSITORIES": "repositories, with commas (`acme/*` for all of acme), in which workflow steps may "
    "act where nobody is known who started the workflow; empty: none",
    "GITHUB_WITHOUT_ACCOUNT": "allow or refuse: whether people whose GitHub account is not known may comment by "
    "replying in Slack",
    "GITHUB_PREVIEW_REPOSITORIES": "names, with commas, of private repositories (`acme/web`, `acme/*`) whose links may "
    "be previewed in every channel, if the person may read them who shares one",
    "CONNECT_API_KEY": "the key for the REST API; without one it answers to this machine only",
    "CONNECT_PUBLIC_URL": "where browsers find connect, for people who link an account: https://connect.example.com",
    "CONNECT_ENCRYPTION_KEY": "what encrypts people's tokens, made by `python app.py tokens key`; "
    "several with commas: the first encrypts, all decrypt",
    "CONNECT_PRIVATE_MARK": "a reply that begins with this stays in Slack",
    "CONNECT_WORKERS": "worker threads in each serving process; 0 for none",
    "CONNECT_HTTP_TIMEOUT": "seconds one outside call may take; must be below the lease",
    "CONNECT_LEASE_SECONDS": "seconds after which another worker takes over a claimed row",
    "CONNECT_SETTLE_SECONDS": "seconds to wait before looking for a call whose outcome is unknown",
    "CONNECT_RETRY_BASE_SECONDS": "seconds before the first retry; doubled each time",
    "CONNECT_RETRY_MAX_SECONDS": "seconds between retries at most",
    "CONNECT_MAX_ATTEMPTS": "attempts before a call is given up",
    "CONNECT_TICKET_REACTION": "the emoji's name by which a reaction makes a Jira issue of a message; off for none",
    "CONNECT_MAX_FILE_MB": "megabytes that a file may have to go from Slack to Jira, or back; 0 for no files",
    "CONNECT_KEEP_BODIES_DAYS": "days that raw bodies are kept",
    "CONNECT_KEEP_DAYS": "days that finished rows are kept; at least 30, so that a late redelivery is recognised",
}
