using Sallyport.Server.Audit;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Settings;

/// <summary>
/// Warns when a provider without settings is selected: its messages are written to the outbox folder until it has some. The request succeeds,
/// because clients may select a provider before they configure it.
/// </summary>
internal sealed class PhoneSelectionFilter(
    SettingQueries settings, IEnumerable<IMessageProvider> providers, ILogger<PhoneSelectionFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        var call = context.Arguments.OfType<CallContext>().Single();
        var selected = context.Arguments.OfType<SettingBody>().Single().Json.GetProperty("provider").GetString();
        var provider = providers.FirstOrDefault(known => known.Channel == Message.Sms && known.Name == selected);
        if (provider?.SettingKind is { } kind && await settings.FindAsync(call.Tenant, kind, context.HttpContext.RequestAborted) is null)
        {
            PhoneProviderLog.NotConfigured(logger, provider.Name);
        }

        return answer;
    }
}

/// <summary>Event ids 2900 to 2999.</summary>
internal static partial class PhoneProviderLog
{
    [LoggerMessage(
        2900, LogLevel.Warning,
        "The phone provider {Provider} is selected and has no settings; text messages and calls are written to the outbox folder until it has some")]
    public static partial void NotConfigured(ILogger logger, string provider);
}
