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

    /// <summary>This call cannot write a passkey, so the user would lose it.</summary>
    HasPasskey,
}

/// <summary>
/// Replaces everything that the user has, including pending authenticators and the recovery code. All of it happens, or nothing.
/// </summary>
internal sealed class ReplaceAuthenticationMethods(
    Database database, AuditLog audit, FactorCatalog catalog, CreateAuthenticationMethod create, FactorRemoval remove)
{
    public async ValueTask<(ReplaceAuthenticationMethodsOutcome Outcome, IReadOnlyList<AuthenticationMethodResponse> Methods)> RunAsync(
        CallContext call, string userId, IReadOnlyList<NewAuthenticationMethod> methods, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(
                async unit =>
                {
                    var (outcome, created) = await ReplaceAsync(unit, call, userId, methods, cancellationToken);
                    if (outcome != ReplaceAuthenticationMethodsOutcome.Replaced)
                    {
                        unit.Abandon();
                        return (outcome, (IReadOnlyList<AuthenticationMethodResponse>)[]);
                    }

                    // The published API repeats what it was sent, without masks.
                    IReadOnlyList<AuthenticationMethodResponse> answer =
                        [.. created.Select(method => AuthenticationMethodResponse.Written(method, catalog.Stored(method), MethodDisplay.Unmasked))];
                    audit.Add(unit, call.Tenant, ApiOperation.WithAnswer(
                        ApiOperation.Succeeded(call, userId), answer, MethodJson.Default.IReadOnlyListAuthenticationMethodResponse));
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
        UnitOfWork unit, CallContext call, string userId, IReadOnlyList<NewAuthenticationMethod> methods, CancellationToken cancellationToken)
    {
        var created = new List<Authenticator>();
        unit.Enqueue(AttemptLimit.Hold(call.Tenant, userId));
        var owned = await AuthenticatorStore.ListAsync(unit, call.Tenant, userId, cancellationToken);
        if (owned.Any(authenticator => catalog.TraitsOf(authenticator).IsFirstFactor))
        {
            return (ReplaceAuthenticationMethodsOutcome.HasPasskey, created);
        }

        remove.Reset(unit, call, userId, owned);
        foreach (var method in methods)
        {
            var (outcome, authenticator) = await create.AddAsync(unit, call, userId, method, cancellationToken);
            if (authenticator is null)
            {
                return (Refusal(outcome), created);
            }

            created.Add(authenticator);
        }

        var change = new FactorChange(userId, Email: null)
        {
            Added = [.. created.Select(authenticator => authenticator.Factor)],
            Removed = FactorRemoval.ConfirmedFactors(owned),
        };
        await create.TellAsync(unit, call, change, cancellationToken);
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
