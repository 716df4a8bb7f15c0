//! Whether the server of the database lets us in, for whoever configured it: a pool would only say
//! that it waited in vain.

use std::io;
use std::str::FromStr;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{ConnectOptions as _, Connection as _, Error};

/// Why it does not. Names hosts, users and databases, never a password.
#[derive(Debug, thiserror::Error)]
pub enum KnockError {
    #[error("its address is not understood")]
    BadAddress,
    #[error("no server answers at {server}")]
    NoServer {
        server: String,
        #[source]
        error: io::Error,
    },
    #[error("the server at {server} is not trusted, or speaks no TLS: {why}")]
    NotTrusted { server: String, why: String },
    #[error("the server at {server} refuses the user {user} with this password")]
    WrongPassword { server: String, user: String },
    #[error("the server at {server} has no database {database}")]
    NoDatabase { server: String, database: String },
    #[error("the server at {server} does not let the user {user} use the database {database}")]
    NotAllowed { server: String, user: String, database: String },
    #[error("the server at {server} does not let us in")]
    Other {
        server: String,
        #[source]
        error: Error,
    },
}

impl KnockError {
    /// Whether a server that is just starting may be the reason.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NoServer { .. } | Self::Other { .. })
    }
}

/// Opens a connection to `mysql://…` and closes it again.
pub async fn knock(url: &str) -> Result<(), KnockError> {
    let options = MySqlConnectOptions::from_str(url).map_err(|_| KnockError::BadAddress)?;
    match options.connect().await {
        Ok(connection) => {
            close(connection).await;
            Ok(())
        }
        Err(error) => Err(reason(&options, error)),
    }
}

async fn close(connection: MySqlConnection) {
    // It let us in, whatever it says to the farewell.
    let _ = connection.close().await;
}

fn reason(options: &MySqlConnectOptions, error: Error) -> KnockError {
    let server = format!("{}:{}", options.get_host(), options.get_port());
    let user = || options.get_username().to_owned();
    let database = || options.get_database().unwrap_or_default().to_owned();
    let code = match &error {
        Error::Database(refusal) => crate::code_of(refusal.as_ref()),
        _ => 0,
    };
    match (code, error) {
        (1045 | 1698, _) => KnockError::WrongPassword { server, user: user() },
        (1049, _) => KnockError::NoDatabase { server, database: database() },
        (1044, _) => KnockError::NotAllowed { server, user: user(), database: database() },
        // What a failed handshake is to the driver.
        (_, Error::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
            KnockError::NotTrusted { server, why: error.to_string() }
        }
        (_, Error::Tls(error)) => KnockError::NotTrusted { server, why: error.to_string() },
        (_, Error::Io(error)) => KnockError::NoServer { server, error },
        (_, error) => KnockError::Other { server, error },
    }
}
