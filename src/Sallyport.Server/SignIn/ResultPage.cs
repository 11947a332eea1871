using Sallyport.Server.Audit;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

/// <summary>
/// Posts the result of a sign-in that needs no second factor, without asking anything. The result is in this page and nowhere else:
/// whoever else holds the request token, but is in another browser, cannot read it.
/// </summary>
internal sealed class ResultPage(Database database, OutcomeTokens outcomes)
{
    /// <returns>The page, and the address to which its form leads.</returns>
    public async ValueTask<(ShownPage Page, string FinalUrl)> RunAsync(
        Transaction transaction, ReaderLanguages reader, CallContext call, CancellationToken cancellationToken)
    {
        var tenant = await database.ReadAsync(session => TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken), cancellationToken);
        var data = SignInData.Parse(transaction.OriginData!);
        var page = PostingPage.Render(
            tenant,
            reader.ChooseFrom(tenant),
            data.PostActionUrl,
            [KeyValuePair.Create<string, string?>("signature", outcomes.Issue(transaction)), KeyValuePair.Create<string, string?>("accepted", "true")]);
        return (page, data.FinalUrl);
    }
}
