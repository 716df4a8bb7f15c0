# The shop as an image: one executable, nothing else, as nobody.
#
#   docker build -t greenleaf .
#   docker run --read-only --tmpfs /tmp -v data:/data -p 8080:8080 greenleaf demo --listen 0.0.0.0:8080
#
# The base has the C library, the certificates of the public authorities and the time zones, but no shell.
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --package greenleaf && cp target/release/greenleaf /greenleaf
RUN mkdir /data
# Certificates of RDS, which no public authority signs.
ADD --chmod=644 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /rds-ca.pem

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /greenleaf /usr/local/bin/greenleaf
COPY --from=build /rds-ca.pem /etc/greenleaf/rds-ca.pem
COPY --from=build --chown=65532:65532 /data /data
ENV GREENLEAF_DATA=/data GREENLEAF_LOG_FORMAT=json
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/greenleaf"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
