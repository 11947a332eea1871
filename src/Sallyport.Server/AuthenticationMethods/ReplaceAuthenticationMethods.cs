using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.AuthenticationMethods;

internal enum ReplaceAuthenticationMethodsOutcome
{
    Replaced,
    UserNotFound,

    /// <summary>Two of the new ones are the same.</summary>
    Exists,

    TooMany,

    /// <summary>A passkey cannot be written by this call, and so would be lost.</summary>
    HasPasskey,
}

/// <summary>
/// Puts methods in the place of everything that the user had: pending ones and the recovery code too. All of it happens, or nothing.
/// </summary>
internal sealed class ReplaceAuthenticationMethods(Database database, AuditLog audit, CreateAuthenticationMethod create, RemoveAuthenticators remove)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(ReplaceAuthenticationMethodsOutcome Outcome, IReadOnlyList<AuthenticationMethodResponse> Methods)> RunAsync(
        string userId, IReadOnlyList<NewAuthenticationMethod> methods, AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(Tenant, userId));
                    var (outcome, created) = await ReplaceAsync(unit, userId, methods, entry.Source, cancellationToken);
                    if (outcome != ReplaceAuthenticationMethodsOutcome.Replaced)
                    {
                        unit.Abandon();
                        return (outcome, (IReadOnlyList<AuthenticationMethodResponse>)[]);
                    }

                    // The published API repeats what it was sent, without masks.
                    IReadOnlyList<AuthenticationMethodResponse> answer =
                        [.. created.Select(method => AuthenticationMethodResponse.Written(method, MethodMasks.None))];
                    audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry, answer, MethodJson.Default.IReadOnlyListAuthenticationMethodResponse));
                    return (outcome, answer);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (ReplaceAuthenticationMethodsOutcome.UserNotFound, []);
        }
    }

    private async ValueTask<(ReplaceAuthenticationMethodsOutcome Outcome, List<Authenticator> Created)> ReplaceAsync(
        UnitOfWork unit, string userId, IReadOnlyList<NewAuthenticationMethod> methods, AuditSource source, CancellationToken cancellationToken)
    {
        var created = new List<Authenticator>();
        var owned = await AuthenticatorStore.ListAsync(unit, Tenant, userId, cancellationToken);
        if (owned.Any(authenticator => authenticator.Factor == FactorNames.Passkey))
        {
            return (ReplaceAuthenticationMethodsOutcome.HasPasskey, created);
        }

        remove.Remove(unit, userId, owned, source);
        foreach (var method in methods)
        {
            var (outcome, authenticator) = await create.AddAsync(unit, userId, method, source, cancellationToken);
            if (authenticator is null)
            {
                return (Refusal(outcome), created);
            }

            created.Add(authenticator);
        }

        return (ReplaceAuthenticationMethodsOutcome.Replaced, created);
    }

    private static ReplaceAuthenticationMethodsOutcome Refusal(CreateAuthenticationMethodOutcome outcome) => outcome switch
    {
        CreateAuthenticationMethodOutcome.TooMany => ReplaceAuthenticationMethodsOutcome.TooMany,
        CreateAuthenticationMethodOutcome.Exists => ReplaceAuthenticationMethodsOutcome.Exists,
        CreateAuthenticationMethodOutcome.UserNotFound => ReplaceAuthenticationMethodsOutcome.UserNotFound,
        CreateAuthenticationMethodOutcome.Created => ReplaceAuthenticationMethodsOutcome.Replaced,
    };
}
