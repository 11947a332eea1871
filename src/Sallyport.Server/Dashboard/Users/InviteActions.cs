using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Languages;
using Sallyport.Server.Tickets;

namespace Sallyport.Server.Dashboard.Users;

/// <summary>The forms about invitations to enroll.</summary>
internal sealed class InviteActions(CreateTicket create, WithdrawTickets withdraw)
{
    public const string FactorField = "factor";
    public const string LanguageField = "language";
    public const string EmailField = "email";
    public const string WayField = "way";
    public const string MultipleField = "another";
    public const string ByMail = "mail";
    public const string ByLink = "link";

    public async Task<IResult> InviteAsync(DashboardRequest request)
    {
        var (email, language, factor) = (request.Field(EmailField), request.Field(LanguageField), request.Field(FactorField));
        var byMail = request.Field(WayField) == ByMail;
        var faults = new FormFaults();
        if (byMail && email.Length > 0 && !new MailAddressAttribute().IsValid(email))
        {
            faults[EmailField] = UserTexts.EmailInvalid;
            return Refuse();
        }

        var (outcome, ticket) = await create.RunAsync(
            request.Call,
            new CreateTicketRequest
            {
                UserId = request.UserId(),
                SendMail = byMail,
                Email = byMail && email.Length > 0 ? email : null,
                EmailLocale = Language.All.Any(known => known.Name == language) ? language : null,
                Factor = factor.Length == 0 ? null : factor,
                AllowMultipleEnrollments = request.IsChecked(MultipleField),
            },
            request.Aborted);
        switch (outcome)
        {
            case CreateTicketOutcome.UserNotFound:
                return PageFault.NotFound(request);
            case CreateTicketOutcome.NoAddress:
                faults[EmailField] = UserTexts.NoAddress;
                return Refuse();
            case CreateTicketOutcome.FactorNotAllowed:
                faults[FactorField] = UserTexts.FactorNotAllowed;
                return Refuse();
            case CreateTicketOutcome.FactorOff:
                faults[FactorField] = UserTexts.FactorOff;
                return Refuse();
            case CreateTicketOutcome.Created:
                return byMail ? UserActions.Back(request, UserTexts.InvitationSent) : ShowLink();
        }

        return Refuse();

        PageResult<ShownOncePage> ShowLink() => new(request)
        {
            Parameters =
            {
                [nameof(ShownOncePage.Title)] = UserTexts.LinkTitle, [nameof(ShownOncePage.Help)] = UserTexts.LinkHelp,
                [nameof(ShownOncePage.Label)] = UserTexts.LinkLabel, [nameof(ShownOncePage.Value)] = AddressOf(ticket!.Url, language),
            },
        };

        PageResult<InvitePage> Refuse() => new(request, StatusCodes.Status400BadRequest)
        {
            Parameters = { [nameof(InvitePage.Faults)] = faults, [nameof(InvitePage.Email)] = email, [nameof(InvitePage.Way)] = byMail ? ByMail : ByLink },
        };
    }

    public async Task<IResult> WithdrawAsync(DashboardRequest request) =>
        await withdraw.RunAsync(request.Call, request.UserId(), request.Aborted)
            ? UserActions.Back(request, UserTexts.WithdrawDone)
            : PageFault.NotFound(request);

    /// <summary>The page behind the link is shown in the chosen language, too.</summary>
    private static string AddressOf(string url, string language) =>
        Language.All.Any(known => known.Name == language) ? $"{url}&ui_locales={language}" : url;
}
