using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>
/// Writes the table <c>log</c>. An entry is written in the database transaction of the change that it describes: both are committed, or
/// neither is.
/// </summary>
internal sealed class AuditLog(TimeProvider clock)
{
    /// <summary>The number of addresses of unauthenticated callers that get separate entries in one minute. All others share one entry.</summary>
    public const int MaxAnonymousAddresses = 1000;

    private const string Columns = "tenant_id, log_id, date, type, user_id, client_id, ip, user_agent, details";

    private const int KeyLength = 16;

    private readonly LogIds ids = new();
    private readonly HashSet<string> anonymousAddresses = new(StringComparer.Ordinal);
    private long anonymousMinute;

    public void Add(UnitOfWork unit, TenantId tenant, AuditEntry entry) =>
        unit.Enqueue(new Statement(
            $"""
            INSERT INTO log ({Columns})
            VALUES (@tenant_id, @log_id, @date, @type, @user_id, @client_id, @ip, @user_agent, @details)
            """,
            [.. Values(tenant, entry), ("details", Details(entry))]));

    /// <summary>
    /// Adds a refusal that the caller can repeat as often as it likes. Refusals of one minute with the same type, cause, user, client and
    /// address share one entry, on all nodes together; <c>details.count</c> says how many there were. The rest of the details
    /// describes the latest of them.
    /// </summary>
    /// <param name="cause">Distinguishes refusals of one type. It is not shown.</param>
    public void AddRefusal(UnitOfWork unit, TenantId tenant, AuditEntry entry, string cause) =>
        AddRefusal(unit, tenant, entry, [cause, entry.Source.ClientId, CanonicalAddress(entry.Source)]);

    /// <summary>Adds a refusal in a sign-in: for its user if that is known, else as that of an unauthenticated caller.</summary>
    public void AddSignInRefusal(UnitOfWork unit, TenantId tenant, AuditEntry entry, string cause)
    {
        if (entry.UserId is null)
        {
            AddAnonymousRefusal(unit, tenant, entry, cause);
        }
        else
        {
            AddRefusal(unit, tenant, entry, cause);
        }
    }

    /// <summary>
    /// Adds a refusal of an unauthenticated caller. Such a caller can invent client ids and use many addresses, so refusals that differ only in
    /// the client id share an entry, and the number of addresses with separate entries is limited.
    /// </summary>
    public void AddAnonymousRefusal(UnitOfWork unit, TenantId tenant, AuditEntry entry, string cause)
    {
        var address = CanonicalAddress(entry.Source);
        if (HasOwnEntry(address))
        {
            AddRefusal(unit, tenant, entry, [cause, address]);
        }
        else
        {
            AddRefusal(unit, tenant, entry with { Source = entry.Source with { Address = null } }, [cause, "other addresses"]);
        }
    }

    private void AddRefusal(UnitOfWork unit, TenantId tenant, AuditEntry entry, string?[] key) =>
        unit.Enqueue(new Statement(
            $$"""
            INSERT INTO log ({{Columns}}, refusal_key, refusal_count)
            VALUES (@tenant_id, @log_id, @date, @type, @user_id, @client_id, @ip, @user_agent, @details || '1}', @refusal_key, 1)
            ON CONFLICT (tenant_id, refusal_key) WHERE refusal_key IS NOT NULL
            DO UPDATE SET refusal_count = log.refusal_count + 1, details = @details || (log.refusal_count + 1) || '}', user_agent = @user_agent
            """,
            [
                .. Values(tenant, entry),
                ("details", WithOpenCount(Details(entry))),
                ("refusal_key", Hash([CurrentMinute().ToString(CultureInfo.InvariantCulture), entry.Type, entry.UserId, .. key])),
            ]));

    private (string, SqlValue)[] Values(TenantId tenant, AuditEntry entry)
    {
        var now = clock.GetUtcNow();
        return
        [
            ("tenant_id", tenant.Value),
            ("log_id", ids.Next(now)),
            ("date", now.ToUnixTimeMilliseconds()),
            ("type", entry.Type),
            ("user_id", entry.UserId),
            ("client_id", entry.Source.ClientId),
            ("ip", entry.Source.Address),
            ("user_agent", entry.Source.UserAgent),
        ];
    }

    private bool HasOwnEntry(string address)
    {
        lock (anonymousAddresses)
        {
            if (CurrentMinute() is var minute && minute != anonymousMinute)
            {
                anonymousAddresses.Clear();
                anonymousMinute = minute;
            }

            return anonymousAddresses.Contains(address)
                || (anonymousAddresses.Count < MaxAnonymousAddresses && anonymousAddresses.Add(address));
        }
    }

    private long CurrentMinute() => clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    /// <summary>The details with the reference of the request, if it has one.</summary>
    private static string? Details(AuditEntry entry) => (entry.Source.Reference, entry.Details) switch
    {
        (null, var details) => details,
        ({ } reference, null or "{}") => $$"""{"reference":"{{reference}}"}""",
        ({ } reference, { } details) => $$"""{"reference":"{{reference}}",{{details.TrimStart()[1..]}}""",
    };

    /// <returns>The JSON object with a last member to which the statement adds the value and the closing brace.</returns>
    private static string WithOpenCount(string? details) =>
        details is null or "{}" ? "{\"count\":" : details.TrimEnd()[..^1] + ",\"count\":";

    private static string CanonicalAddress(AuditSource source) =>
        IPAddress.TryParse(source.Address, out var address) ? ClientAddress.Of(address) : "";

    /// <summary>No part holds a NUL: ids and addresses are refused with one.</summary>
    private static byte[] Hash(IEnumerable<string?> parts) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts)))[..KeyLength];
}
