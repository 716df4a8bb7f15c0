//! stub
pub(crate) async fn make_renditions(
    _: &dyn crate::ports::MediaStore,
    _: &std::sync::Arc<dyn crate::ports::Pictures>,
    _: &commerce::media::Original,
) -> Result<(), String> {
    Ok(())
}
