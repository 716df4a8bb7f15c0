//! The fields of `Mutation`.

use super::cart::{change, estimate, steps};
use super::context::Context;
use super::order::change as order;
use super::value::{Answer, Args, Ask, Object, Refusal, Value};
use super::{account, content, customer};

pub(super) struct Mutation<'c>(pub(super) &'c Context);

/// The fields of an `input`, none when it was left out.
fn input(args: Args<'_>) -> Result<Args<'_>, Refusal> {
    args.object("input").ok_or_else(|| Refusal::input("\"input\" value should be specified"))
}

/// Bundles and downloads: no SKU is one.
fn none_of_this_kind(args: Args<'_>) -> Refusal {
    let lines = args.objects("cart_items");
    let sku = lines.first().and_then(|line| line.object("data")?.text("sku")).unwrap_or_default();
    Refusal::missing(format!("Could not find a product with SKU \"{sku}\""))
}

impl Object for Mutation<'_> {
    fn type_name(&self) -> &'static str {
        "Mutation"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let (context, args): (&'a Context, _) = (self.0, ask.args);
        Ok(match ask.name {
            "createEmptyCart" => Value::later(change::create_empty(context, args)),
            "createGuestCart" => Value::later(change::create_guest(context, args)),
            "addProductsToCart" => Value::later(change::add_products(context, args)),
            "addSimpleProductsToCart" => {
                let kind = "AddSimpleProductsToCartOutput";
                Value::later(change::add_simple(context, input(args)?, kind))
            }
            "addVirtualProductsToCart" => {
                let kind = "AddVirtualProductsToCartOutput";
                Value::later(change::add_simple(context, input(args)?, kind))
            }
            "addConfigurableProductsToCart" => {
                Value::later(change::add_configurable(context, input(args)?))
            }
            "updateCartItems" => Value::later(change::update(context, input(args)?)),
            "removeItemFromCart" => Value::later(change::remove(context, input(args)?)),
            "mergeCarts" => Value::later(change::merge(context, args)),
            "assignCustomerToGuestCart" => Value::later(change::assign(context, args)),
            "setGuestEmailOnCart" => Value::later(steps::set_email(context, input(args)?)),
            "setShippingAddressesOnCart" => {
                Value::later(steps::set_delivery(context, input(args)?))
            }
            "setBillingAddressOnCart" => Value::later(steps::set_billing(context, input(args)?)),
            "setShippingMethodsOnCart" => Value::later(steps::set_shipping(context, input(args)?)),
            "setPaymentMethodOnCart" => Value::later(steps::set_payment(context, input(args)?)),
            "estimateShippingMethods" => Value::later(estimate::methods(context, input(args)?)),
            "estimateTotals" => Value::later(estimate::totals(context, input(args)?)),
            "placeOrder" => Value::later(steps::place(context, input(args)?)),
            "setPaymentMethodAndPlaceOrder" => {
                Value::later(steps::set_payment_and_place(context, input(args)?))
            }
            "generateCustomerToken" => Value::later(customer::generate_token(context, args)),
            "revokeCustomerToken" => Value::later(customer::revoke_token(context)),
            "createCustomer" | "createCustomerV2" => {
                Value::later(customer::create(context, input(args)?))
            }
            "createCustomerAddress" => {
                Value::later(customer::create_address(context, input(args)?))
            }
            "updateCustomerAddress" => Value::later(customer::update_address(context, args)),
            "deleteCustomerAddress" => Value::later(customer::delete_address(context, args)),
            "updateCustomer" | "updateCustomerV2" => {
                Value::later(account::update(context, input(args)?))
            }
            "updateCustomerEmail" => Value::later(account::change_email(context, args)),
            "changeCustomerPassword" => Value::later(account::change_password(context, args)),
            "deleteCustomer" => Value::later(account::close(context)),
            "requestGuestOrderCancel" => Value::later(order::ask(context, input(args)?)),
            "confirmCancelOrder" => Value::later(order::confirm(context, input(args)?)),
            "cancelOrder" => Value::later(order::cancel(context, input(args)?)),
            "reorderItems" => Value::later(order::again(context, args)),
            "contactUs" => Value::later(content::write_to_us(context, input(args)?)),
            "requestPasswordResetEmail" => Value::later(customer::request_reset(context, args)),
            "resetPassword" => Value::later(customer::reset_password(context, args)),
            // Magento's own words for coupons that nobody has.
            "applyCouponToCart" => {
                return Err(Refusal::missing(
                    "The coupon code isn't valid. Verify the code and try again.",
                ));
            }
            "removeCouponFromCart" => Value::later(change::without_coupon(context, input(args)?)),
            "createBraintreeClientToken" => {
                return Err(Refusal::input("The Braintree payment method is not active."));
            }
            "deletePaymentToken" => Value::later(account::delete_payment(context, args)),
            "addProductsToWishlist"
            | "removeProductsFromWishlist"
            | "updateProductsInWishlist"
            | "addWishlistItemsToCart" => {
                return Err(Refusal::input("The wishlist configuration is currently disabled."));
            }
            "createProductReview" => {
                return Err(Refusal::forbidden(
                    "Creating product reviews are not currently available.",
                ));
            }
            "subscribeEmailToNewsletter" => {
                return Err(Refusal::input("Cannot create a newsletter subscription."));
            }
            "addBundleProductsToCart" | "addDownloadableProductsToCart" => {
                return Err(none_of_this_kind(input(args)?));
            }
            _ => return Err(Refusal::input("This is not available in this store.")),
        })
    }
}
