using Sallyport.Protocols.Liquid;

namespace Sallyport.Server.Http;

/// <summary>Refuses a template that cannot be parsed when it is saved, instead of failing when a message is sent.</summary>
internal static class TemplateFault
{
    /// <returns>The fault with its line and column, or null.</returns>
    public static ApiError? Find(string field, string? template) =>
        template is null || LiquidTemplate.TryParse(template, LiquidLimits.Default, out _, out var error)
            ? null
            : ApiError.BadRequest($"Invalid {field} template: {error}", ErrorCodes.InvalidBody);
}
