using System.Security.Cryptography;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Push;

internal enum DeviceOutcome
{
    Done,

    /// <summary>No confirmed device has this id.</summary>
    NotFound,

    /// <summary>The token does not belong to this device.</summary>
    Unauthorized,
}

/// <summary>The changes that a phone makes to itself. Null members stay as they are.</summary>
internal sealed record DeviceChange
{
    public string? Identifier { get; init; }

    public string? Name { get; init; }

    /// <summary>The service, and the address of the app there.</summary>
    public (string Service, string Token)? Push { get; init; }

    public override string ToString() => "***";
}

/// <summary>The outcome, with the phone that its token has authenticated.</summary>
internal readonly record struct DeviceResult(DeviceOutcome Outcome, Authenticator? Authenticator = null)
{
    public override string ToString() => Outcome.ToString();
}

/// <summary>
/// Authenticates a phone that changes or removes itself: by the token that its enrollment has returned, or by one that it has signed
/// (docs/wire.md §3.4).
/// </summary>
internal sealed class DeviceAuthentication(Database database, SecretHash hash, SallyportOptions options, TimeProvider clock)
{
    private readonly HashSet<string> audiences = new(
        DeviceAudiences.Of(options, "/api/device-accounts").Concat(DeviceAudiences.Of(options, "")), StringComparer.Ordinal);

    public async ValueTask<DeviceResult> RunAsync(TenantId tenant, string id, string token, CancellationToken cancellationToken)
    {
        var device = await database.ReadAsync(session => AuthenticatorStore.FindAsync(session, tenant, id, cancellationToken), cancellationToken);
        if (device is not { Factor: FactorNames.Push, Status: AuthenticatorStatus.Confirmed })
        {
            return new DeviceResult(DeviceOutcome.NotFound);
        }

        return Proves(device, token) ? new DeviceResult(DeviceOutcome.Done, device) : new DeviceResult(DeviceOutcome.Unauthorized);
    }

    private bool Proves(Authenticator device, string token)
    {
        var data = PushFactor.Read(device);
        if (data is not { DeviceTokenHash: { } tokenHash, PublicKey: { } key })
        {
            return false;
        }

        if (CryptographicOperations.FixedTimeEquals(hash.DeviceToken(device.Id, token), tokenHash))
        {
            return true;
        }

        return DeviceToken.Read(token, DeviceKey.Parse(key)) is { } signed
            && signed.IsCurrent(clock.GetUtcNow()) && signed.IsFor(audiences) && signed.Issuer == device.Id && signed.Subject == device.UserId;
    }
}

/// <summary>Changes the name, the identifier or the push address of a phone, at its own request.</summary>
internal sealed class ChangeDevice(Database database, DeviceAuthentication authentication, AuditLog audit)
{
    public async ValueTask<DeviceResult> RunAsync(
        CallContext call, (string Id, string Token) device, DeviceChange change, CancellationToken cancellationToken)
    {
        var proved = await authentication.RunAsync(call.Tenant, device.Id, device.Token, cancellationToken);
        if (proved.Authenticator is not { } authenticator)
        {
            return proved;
        }

        try
        {
            return await database.WriteAsync(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(call.Tenant, authenticator.UserId));
                    if (await AuthenticatorStore.FindAsync(unit, call.Tenant, authenticator.Id, cancellationToken) is not { } current)
                    {
                        unit.Abandon();
                        return new DeviceResult(DeviceOutcome.NotFound);
                    }

                    var changed = Apply(current, change);
                    unit.Enqueue(AuthenticatorStore.Update(changed));
                    audit.Add(unit, call.Tenant, AuthenticatorEvent.Of(AuditTypes.DeviceAccountUpdated, changed, call.Source));
                    return new DeviceResult(DeviceOutcome.Done, changed);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return new DeviceResult(DeviceOutcome.NotFound);
        }
    }

    private static Authenticator Apply(Authenticator current, DeviceChange change)
    {
        var data = PushFactor.Read(current);
        return current with
        {
            Name = change.Name ?? current.Name,
            Data = PushFactor.Write(data with
            {
                Identifier = change.Identifier ?? data.Identifier,
                Service = change.Push?.Service ?? data.Service,
                Token = change.Push?.Token ?? data.Token,
                Endpoint = change.Push is null ? data.Endpoint : null,
            }),
        };
    }
}

/// <summary>Removes a phone at its own request, with the codes that it shows.</summary>
internal sealed class RemoveDevice(DeviceAuthentication authentication, RemoveAuthenticators remove)
{
    public async ValueTask<DeviceOutcome> RunAsync(CallContext call, string id, string token, CancellationToken cancellationToken)
    {
        var proved = await authentication.RunAsync(call.Tenant, id, token, cancellationToken);
        if (proved.Authenticator is not { } device)
        {
            return proved.Outcome;
        }

        var removal = new Removal(device.UserId, known => known.Id == device.Id) { IsOfOne = true, IsByUser = true };
        return await remove.RunAsync(call, removal, cancellationToken) == RemoveOutcome.Removed ? DeviceOutcome.Done : DeviceOutcome.NotFound;
    }
}
