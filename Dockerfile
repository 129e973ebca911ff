# A small static image: docker build -t harcov .
# docker run --rm -v "$PWD:/work" harcov report captures/ > gaps.md
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin harcov

FROM scratch
COPY --from=build /src/target/release/harcov /harcov
# Captures and configuration are mounted here; files are written as the user that docker names.
WORKDIR /work
ENTRYPOINT ["/harcov"]
