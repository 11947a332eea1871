using Sallyport.Server.Factors;

namespace Sallyport.Server.Transactions;

/// <summary>Start-flow as the wire has it: a transaction, its token, and what the client must know to go on.</summary>
internal sealed class StartFlow(StartTransaction start, TransactionTokens tokens, FactorCatalog catalog)
{
    public async ValueTask<(StartOutcome Outcome, StartFlowResponse? Response)> RunAsync(
        StartTransactionRequest request, CancellationToken cancellationToken)
    {
        var (outcome, started) = await start.RunAsync(request, cancellationToken);
        return (outcome, started is null ? null : Answer(started));
    }

    private StartFlowResponse Answer(StartedTransaction started)
    {
        var answerable = catalog.AnswerableMethods(started.User);
        var offersCodes = started.EnrollmentMethods.Count > 0;
        return new StartFlowResponse
        {
            TransactionToken = tokens.Issue(started.Transaction),
            EnrollmentTransactionId = started.IsAuthentication ? null : Security.Tokens.NewAlphaNumeric(32),
            DeviceAccount = started.IsAuthentication
                ? DeviceAccountResponse.Enrolled(started.User, answerable)
                : DeviceAccountResponse.Pending(started.Authenticator, started.RecoveryCode),
            AvailableEnrollmentMethods = started.EnrollmentMethods,
            AvailableAuthenticationMethods = started.IsAuthentication ? Second(answerable) : started.EnrollmentMethods,
            FeatureSwitches = new FeatureSwitchesResponse(new FeatureSwitch(offersCodes), new FeatureSwitch(false)),
        };
    }

    /// <summary>A recovery code is no method that a client may ask for; it is always there as the last resort.</summary>
    private static IReadOnlyList<string> Second(IReadOnlyList<string> methods) =>
        [.. methods.Where(method => method != FactorNames.RecoveryCode)];
}
