"""The chaos harness: connect as real processes, between stand-ins on this machine, under real faults.

What counts is what the far end shows: every event carries a nonce in its own title or text, and the harness counts the
effects that carry it. Lost: accepted, and no effect. Doubled: more than one. connect's own markers are not looked at.
"""
