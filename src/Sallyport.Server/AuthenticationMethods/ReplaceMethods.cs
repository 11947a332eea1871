using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.AuthenticationMethods;

internal enum ReplaceMethodsOutcome
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
internal sealed class ReplaceMethods(Database database, AuditLog audit, CreateMethod create, RemoveAuthenticators remove)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(ReplaceMethodsOutcome Outcome, IReadOnlyList<MethodResponse> Methods)> RunAsync(
        string userId, IReadOnlyList<NewMethod> methods, AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(Tenant, userId));
                    var (outcome, created) = await ReplaceAsync(unit, userId, methods, entry.Source, cancellationToken);
                    if (outcome != ReplaceMethodsOutcome.Replaced)
                    {
                        unit.Abandon();
                        return (outcome, (IReadOnlyList<MethodResponse>)[]);
                    }

                    // The published API repeats what it was sent, without masks.
                    IReadOnlyList<MethodResponse> answer = [.. created.Select(method => MethodResponse.Written(method, MethodMasks.None))];
                    audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry, answer, MethodJson.Default.IReadOnlyListMethodResponse));
                    return (outcome, answer);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (ReplaceMethodsOutcome.UserNotFound, []);
        }
    }

    private async ValueTask<(ReplaceMethodsOutcome Outcome, List<Authenticator> Created)> ReplaceAsync(
        UnitOfWork unit, string userId, IReadOnlyList<NewMethod> methods, AuditSource source, CancellationToken cancellationToken)
    {
        var created = new List<Authenticator>();
        var owned = await AuthenticatorStore.ListAsync(unit, Tenant, userId, cancellationToken);
        if (owned.Any(authenticator => authenticator.Factor == FactorNames.Passkey))
        {
            return (ReplaceMethodsOutcome.HasPasskey, created);
        }

        remove.Remove(unit, userId, owned, source);
        foreach (var method in methods)
        {
            var (outcome, authenticator) = await create.AddAsync(unit, userId, method, source, cancellationToken);
            if (authenticator is null)
            {
                return (outcome == CreateMethodOutcome.TooMany ? ReplaceMethodsOutcome.TooMany : ReplaceMethodsOutcome.Exists, created);
            }

            created.Add(authenticator);
        }

        return (ReplaceMethodsOutcome.Replaced, created);
    }
}
