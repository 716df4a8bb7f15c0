CREATE TABLE checkouts (
    cart_id BINARY(16) NOT NULL PRIMARY KEY,
    mask CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    email VARCHAR(190),
    delivery TEXT,
    billing TEXT,
    shipping_method VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    payment_method VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX checkouts_by_mask ON checkouts (mask);
