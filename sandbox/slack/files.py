"""`files.*`: uploads in three steps, as Slack has them since 2025."""

import mimetypes
from typing import cast

from sandbox.slack.chat import Arguments, invalid, writable
from sandbox.slack.wire import BOT_USER, Json, Refusal
from sandbox.slack.workspace import Workspace


def add_file(slack: Workspace, name: str, content: bytes, user: str) -> Json:
    """Keep a file; returns it as messages show it."""
    file_id = f"F0DEV{slack.next_id():05d}"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    address = f"{slack.url}/files-pri/{slack.team}-{file_id}/{name}"
    slack.contents[file_id] = content
    slack.files[file_id] = {
        "id": file_id,
        "created": int(slack.now()),
        "timestamp": int(slack.now()),
        "name": name,
        "title": name,
        "mimetype": kind,
        "filetype": name.rpartition(".")[2],
        "user": user,
        "size": len(content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": address,
        "url_private_download": address,
        "permalink": f"https://sandbox.slack.com/files/{user}/{file_id}/{name}",
    }
    return slack.files[file_id]


def file_info(slack: Workspace, arguments: Arguments) -> Json:
    """`files.info`."""
    return {"file": _found(slack, arguments)}


def delete(slack: Workspace, arguments: Arguments) -> Json:
    """`files.delete`: an app may delete its own files and nobody else's."""
    file = _found(slack, arguments)
    if file["user"] != BOT_USER:
        raise Refusal("cant_delete_file")
    remove_file(slack, file)
    return {}


def remove_file(slack: Workspace, file: Json) -> None:
    """Delete a file: a message that was nothing else goes with it, any other keeps a tombstone of it."""
    slack.contents.pop(file["id"], None)
    slack.files[file["id"]] = {"id": file["id"], "mode": "tombstone"}
    for place in slack.channels.values():
        for message in [each for each in place.messages if _shows(each, file["id"])]:
            left = [{"id": file["id"], "mode": "tombstone"} if each["id"] == file["id"] else each
                    for each in message["files"]]  # fmt: skip
            if message["text"] or any(each.get("mode") != "tombstone" for each in left):
                slack.beneath(place, message, files=left)
            else:
                slack.remove(place, message)


def _shows(message: Json, file_id: str) -> bool:
    return any(each["id"] == file_id and each.get("mode") != "tombstone" for each in message.get("files", ()))


def _found(slack: Workspace, arguments: Arguments) -> Json:
    found = slack.files.get(arguments.text("file"))
    if found is None:
        raise Refusal("file_not_found")
    if found["mode"] == "tombstone":
        raise Refusal("file_deleted")
    return found


def upload_url(slack: Workspace, arguments: Arguments) -> Json:
    """`files.getUploadURLExternal`."""
    if arguments.number("length", 0) < 1:
        raise invalid("must be greater than 0 [json-pointer:/length]")
    file_id = add_file(slack, arguments.text("filename"), b"", BOT_USER)["id"]
    return {"upload_url": f"{slack.url}/upload/{file_id}", "file_id": file_id}


def complete_upload(slack: Workspace, arguments: Arguments) -> Json:
    """`files.completeUploadExternal`, shared into one conversation or none."""
    shared: list[Json] = []
    for given in cast("list[Json]", arguments.value("files") or []):
        if not slack.contents.get(given["id"]):
            raise Refusal("file_not_found")
        shared.append(slack.files[given["id"]] | {"title": given.get("title") or slack.files[given["id"]]["name"]})
    channel = arguments.text("channel_id", "")
    if channel:
        # Such a message is its user's, like a person's: it names no app.
        message: Json = {"user": BOT_USER, "text": arguments.text("initial_comment", ""), "files": shared}
        slack.store(
            writable(slack, channel), message | {"subtype": "file_share", "upload": False},
            thread_ts=arguments.text("thread_ts", ""),
        )  # fmt: skip
    return {"files": shared}
