using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Providers;

internal enum ChangeEmailProviderOutcome
{
    Changed,
    Invalid,
    Exists,
    NotFound,
}

/// <param name="Provider">The stored value, if the outcome is <see cref="ChangeEmailProviderOutcome.Changed"/>.</param>
/// <param name="Fault">The reason, if the outcome is <see cref="ChangeEmailProviderOutcome.Invalid"/>.</param>
internal readonly record struct ChangeEmailProviderResult(
    ChangeEmailProviderOutcome Outcome, SettingValue? Provider = null, string? Fault = null);

/// <summary>Creates, changes and deletes the tenant's e-mail provider. There is at most one.</summary>
internal sealed class ChangeEmailProvider(ChangeSetting change)
{
    public static readonly SettingKind Kind = SettingKind.Of<EmailProvider>("emails/provider");

    public ValueTask<ChangeEmailProviderResult> CreateAsync(JsonElement provider, CallContext call, CancellationToken cancellationToken) =>
        ApplyAsync(provider, stored => stored is null ? null : ChangeEmailProviderOutcome.Exists, call, cancellationToken);

    public ValueTask<ChangeEmailProviderResult> PatchAsync(JsonElement patch, CallContext call, CancellationToken cancellationToken) =>
        ApplyAsync(patch, stored => stored is null ? ChangeEmailProviderOutcome.NotFound : null, call, cancellationToken);

    /// <summary>Succeeds if there is none, too.</summary>
    public ValueTask DeleteAsync(CallContext call, CancellationToken cancellationToken) => change.DeleteAsync(Kind, call, cancellationToken);

    private async ValueTask<ChangeEmailProviderResult> ApplyAsync(
        JsonElement body, Func<SettingValue?, ChangeEmailProviderOutcome?> findObstacle, CallContext call, CancellationToken cancellationToken)
    {
        var result = default(ChangeEmailProviderResult);
        await change.RunAsync(
            Kind,
            stored =>
            {
                result = findObstacle(stored) is { } obstacle ? new ChangeEmailProviderResult(obstacle) : Apply(stored, body);
                return result.Provider;
            },
            call,
            cancellationToken);
        return result;
    }

    private static ChangeEmailProviderResult Apply(SettingValue? stored, JsonElement body)
    {
        var (value, fault) = EmailProviderRules.Apply(stored, body);
        return fault is null
            ? new ChangeEmailProviderResult(ChangeEmailProviderOutcome.Changed, value)
            : new ChangeEmailProviderResult(ChangeEmailProviderOutcome.Invalid, Fault: fault);
    }
}
