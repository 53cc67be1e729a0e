FROM python:3.12-slim

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

COPY requirements.lock /app/
RUN pip install --no-cache-dir --require-hashes -r /app/requirements.lock
COPY adapters /app/adapters
COPY bot /app/bot
COPY storage /app/storage
COPY app.py /app/

# The service runs in /data, so the default SQLite file (./connect.db) lands in the volume.
RUN useradd --uid 10001 --no-create-home connect && mkdir /data && chown connect /data
USER connect
WORKDIR /data
VOLUME /data

EXPOSE 5001
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", \
  "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('CONNECT_PORT') or 5001}/health\", timeout=4)"]

# `docker run connect worker`, `docker run connect serve --no-workers`, `docker run connect db upgrade` work as well.
ENTRYPOINT ["python", "/app/app.py"]
CMD ["serve"]
