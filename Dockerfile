# The production image: one for web, worker, beat and migrations; compose.yaml starts them.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes --requirement requirements.txt
COPY . .
# Values for this one step, since production refuses to start without them; none of them stays in the image.
RUN ENVIRONMENT=production ALLOWED_HOSTS=build SECRET_KEY=build DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    CELERY_BROKER_URL=amqp://build TOKEN_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    sh -c '/venv/bin/python manage.py translations --compile && /venv/bin/python manage.py collectstatic --noinput' \
    && /venv/bin/python -m compileall -q messenger_admin notifications optins pages

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home messenger && install --directory --owner messenger /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV ENVIRONMENT=production DATA_DIR=/data PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER messenger
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "8", "--no-ws", "--respawn-failed-workers", "--log-level", "warning", \
     "--access-log", "--access-log-fmt", "%(time)s %(addr)s %(method)s %(path)r %(status)d %(dt_ms).0f ms", \
     "messenger_admin.wsgi:application"]
