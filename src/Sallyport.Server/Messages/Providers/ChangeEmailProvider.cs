using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Providers;

internal enum ChangeEmailProviderOutcome
{
    Changed,
    Refused,
    Exists,
    NotFound,
}

internal readonly record struct ChangeEmailProviderResult(
    ChangeEmailProviderOutcome Outcome, SettingValue? Provider = null, ApiError? Fault = null);

internal sealed class ChangeEmailProvider(Database database, ChangeSetting change, AuditLog audit)
{
    public static readonly SettingKind Kind = SettingKind.Of<EmailProvider>("emails/provider");

    public ValueTask<ChangeEmailProviderResult> CreateAsync(JsonElement body, AuditEntry entry, CancellationToken cancellationToken) =>
        ApplyAsync(body, stored => stored is null ? ChangeEmailProviderOutcome.Changed : ChangeEmailProviderOutcome.Exists, entry, cancellationToken);

    public ValueTask<ChangeEmailProviderResult> PatchAsync(JsonElement body, AuditEntry entry, CancellationToken cancellationToken) =>
        ApplyAsync(body, stored => stored is null ? ChangeEmailProviderOutcome.NotFound : ChangeEmailProviderOutcome.Changed, entry, cancellationToken);

    /// <summary>Whether or not there is one.</summary>
    public ValueTask DeleteAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(SettingStore.Delete(TenantId.Default, Kind.Name));
                audit.Add(unit, TenantId.Default, entry);
                return ValueTask.CompletedTask;
            },
            cancellationToken);

    private async ValueTask<ChangeEmailProviderResult> ApplyAsync(
        JsonElement body, Func<SettingValue?, ChangeEmailProviderOutcome> look, AuditEntry entry, CancellationToken cancellationToken)
    {
        var result = default(ChangeEmailProviderResult);
        await change.RunAsync(
            Kind,
            stored =>
            {
                result = new ChangeEmailProviderResult(look(stored));
                if (result.Outcome != ChangeEmailProviderOutcome.Changed)
                {
                    return null;
                }

                var (value, fault) = EmailProviderRules.Apply(stored, body);
                result = fault is null
                    ? new ChangeEmailProviderResult(ChangeEmailProviderOutcome.Changed, value)
                    : new ChangeEmailProviderResult(ChangeEmailProviderOutcome.Refused, Fault: fault);
                return value;
            },
            entry,
            cancellationToken);
        return result;
    }
}
