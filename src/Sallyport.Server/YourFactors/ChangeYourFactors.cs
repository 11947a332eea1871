using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.SignIn;
using Sallyport.Server.Storage;

namespace Sallyport.Server.YourFactors;

/// <summary>The changes that users make to their own factors.</summary>
internal sealed class ChangeYourFactors(
    Database database, RemoveAuthenticators remove, RegenerateRecoveryCode regenerate, CreateSignIn create, TimeProvider clock)
{
    /// <returns>False if the name is not valid.</returns>
    public async ValueTask<bool> RenameAsync(CallContext call, FactorSession session, (string Id, string Name) change, CancellationToken cancellationToken)
    {
        var name = change.Name.Trim();
        if (name.Length is 0 or > Authenticator.MaxNameLength || name.Any(char.IsControl))
        {
            return false;
        }

        await ExecuteAsync(AuthenticatorStore.Rename(call.Tenant, session.UserId, (change.Id, name)), cancellationToken);
        return true;
    }

    /// <summary>The user is asked for this one first, from now on.</summary>
    public ValueTask PreferAsync(CallContext call, FactorSession session, string id, CancellationToken cancellationToken) =>
        ExecuteAsync(AuthenticatorStore.Prefer(call.Tenant, session.UserId, id, clock.GetUtcNow()), cancellationToken);

    /// <summary>Does nothing if it is the last one, or not the user's.</summary>
    public async ValueTask RemoveAsync(CallContext call, FactorSession session, string id, CancellationToken cancellationToken) =>
        await remove.RunAsync(
            Of(call, session),
            new Removal(session.UserId, authenticator => authenticator is { IsEnrollment: true, Status: AuthenticatorStatus.Confirmed } && authenticator.Id == id)
            {
                IsOfOne = true,
                IsByUser = true,
                KeepsOne = true,
            },
            cancellationToken);

    /// <returns>The new code, in clear; null if the user is gone.</returns>
    public ValueTask<string?> RegenerateAsync(CallContext call, FactorSession session, CancellationToken cancellationToken) =>
        regenerate.RunAsync(Of(call, session), session.UserId, isByUser: true, cancellationToken);

    /// <summary>Begins to add an authenticator of a factor, on the page that also enrolls.</summary>
    /// <param name="change">The name of the factor, and the address to which the page posts its result.</param>
    /// <returns>The token of that page; null if the user may not sign in any more.</returns>
    public async ValueTask<string?> AddAsync(
        CallContext call, FactorSession session, (string Factor, string Address) change, CancellationToken cancellationToken)
    {
        var request = new CreateSignInRequest { UserId = session.UserId, ClientId = session.SignIn.ClientId!, PostActionUrl = change.Address };
        var (_, created) = await create.RunAsync(
            Of(call, session), request, new SignInPurpose { ManagesFactors = true, Adds = change.Factor }, cancellationToken);
        return created?.RequestToken;
    }

    private static CallContext Of(CallContext call, FactorSession session) =>
        call with { Source = call.Source with { ClientId = session.SignIn.ClientId } };

    private async ValueTask ExecuteAsync(Statement statement, CancellationToken cancellationToken) =>
        await database.WriteAsync(unit => unit.ExecuteAsync(statement, cancellationToken), cancellationToken);
}
