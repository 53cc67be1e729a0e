"""What a person sees in the browser: plain pages without scripts, in which foreign text is text."""

import base64
import hashlib
from html import escape
from urllib.parse import urlsplit

from bot.flows.signing_in import Invitation

_STYLE = """
:root { color-scheme: light dark; --ink: #172b4d; --soft: #5e6c84; --page: #f4f5f7; --card: #fff; --line: #dfe1e6;
  --act: #0052cc; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa5b5; --page: #161a1d; --card: #22272b;
  --line: #3b444c; --act: #388bff; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--page);
  color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { width: 100%; max-width: 30rem; padding: 2.25rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.3; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
dl { margin: 1.25rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: 8px; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0 0 .6rem; font-weight: 600; overflow-wrap: anywhere; }
dd:last-child { margin-bottom: 0; }
.soft { color: var(--soft); font-size: .9rem; }
button { width: 100%; padding: .75rem 1rem; border: 0; border-radius: 8px; background: var(--act); color: #fff;
  font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.mark { font-size: 2rem; line-height: 1; margin-bottom: .75rem; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def invitation(given: Invitation, ticket: str) -> str:
    """Who is about to link an account, and the button that goes on."""
    return _page(
        "Link your Jira account",
        f"""<p>From then on, what you do in Slack appears in Jira under your own name and with your own rights.</p>
<dl><dt>This person in Slack</dt><dd>{_text(given.person)}</dd>
<dt>in the workspace</dt><dd>{_text(given.workspace)}</dd>
<dt>will act by your account at</dt><dd>{_text(given.site.partition("://")[2])}</dd></dl>
<p><strong>Is this you?</strong> If somebody else sent you here, close this window: they would act in your name.</p>
<form method="post" action="start"><input type="hidden" name="ticket" value="{_text(ticket)}">
<input type="hidden" name="proof" value="{_text(given.proof)}"><button>Yes, continue to Jira</button></form>""",
    )


def linked(name: str) -> str:
    """The good end."""
    return _page(
        f"Linked: {name or 'your account'}",
        """<p>You can close this window. What you do from Slack now appears in Jira under your name.</p>
<p class="soft">To end that, type <strong>/jira logout</strong> in Slack.</p>""",
        "✓",
    )


def refusal(title: str, text: str) -> str:
    """Why it does not go on, and what to do."""
    return _page(title, f"<p>{_text(text)}</p>")


def headers(authorize_url: str) -> dict[str, str]:
    """What keeps these pages from being framed, kept or told of; their form may only lead here and to the sign-in.

    Browsers apply `form-action` to the redirects that follow, which lead over other pages of the sign-in's own.
    """
    parts = urlsplit(authorize_url)
    forms = f"'self' https: {parts.scheme}://{parts.netloc}" if parts.netloc else "'self'"
    rules = ("default-src 'none'", f"style-src 'sha256-{_HASH}'", f"form-action {forms}", "base-uri 'none'")
    return {
        "Content-Security-Policy": "; ".join((*rules, "frame-ancestors 'none'")),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def _page(title: str, content: str, mark: str = "") -> str:
    shown = f'<div class="mark" aria-hidden="true">{mark}</div>' if mark else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{_text(title)} · connect</title><style>{_STYLE}</style></head>
<body><main>{shown}<h1>{_text(title)}</h1>
{content}
</main></body></html>
"""


def _text(text: str) -> str:
    return escape(text, quote=True)
