# The program and nothing else: docker run --rm -v "$PWD:/work:ro" ghcr.io/ecslint/ecslint check
# It checks, explains and reckons; what deploys needs the aws CLI, and what asks git needs git: take another way for those.

# The image of Rust on Alpine links statically, so that the program needs nothing beside it.
FROM rust:1.95-alpine AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin ecslint

FROM scratch
COPY --from=build /src/target/release/ecslint /usr/local/bin/ecslint
COPY --from=build /src/LICENSE-APACHE /src/LICENSE-MIT /licenses/
# Nobody of any system: it reads what is mounted, and has nothing to write.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/ecslint"]
CMD ["check"]
