using Sallyport.Protocols.Liquid;

namespace Sallyport.Server.Http;

/// <summary>A template that cannot be parsed is refused when it is saved, not found broken when a message is due.</summary>
internal static class TemplateFault
{
    /// <returns>Where the template is wrong and why; null where it is not.</returns>
    public static ApiError? Find(string field, string? template) =>
        template is null || LiquidTemplate.TryParse(template, LiquidLimits.Default, out _, out var error)
            ? null
            : ApiError.BadRequest($"Invalid {field} template: {error}", ErrorCodes.InvalidBody);
}
