# docker build --tag iamlint .
# docker run --rm --network none --volume "$PWD:/work:ro" iamlint check
FROM python:3.13-slim-trixie AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY iamlint iamlint
COPY pytest_iam pytest_iam
RUN python -m venv /opt/iamlint && /opt/iamlint/bin/pip install --no-cache-dir .

FROM python:3.13-slim-trixie
COPY --from=build /opt/iamlint /opt/iamlint
ENV PATH=/opt/iamlint/bin:$PATH
USER 10001
WORKDIR /work
ENTRYPOINT ["iamlint"]
CMD ["check"]
