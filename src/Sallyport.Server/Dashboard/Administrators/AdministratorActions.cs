using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Dashboard.Administrators;

/// <summary>The forms about administrators and sessions.</summary>
internal sealed class AdministratorActions(
    AdministratorSessions sessions, InviteAdministrator invite, ManageAdministrators manage, ResetAdministrator reset)
{
    public const string EmailField = "email";
    public const string RoleField = "role";

    /// <summary>Ends one session of the administrator, or all.</summary>
    public Task<IResult> EndOwnSessionsAsync(DashboardRequest request) =>
        EndAsync(request, request.Session.Administrator.UserId, AdministratorRoutes.OwnSessions);

    public Task<IResult> EndSessionsAsync(DashboardRequest request) => EndAsync(request, request.Route("id"), AdministratorRoutes.Of(request.Route("id")));

    public async Task<IResult> InviteAsync(DashboardRequest request)
    {
        var (email, role) = (request.Field(EmailField), AdministratorRoles.Find(request.Field(RoleField)));
        var faults = new FormFaults();
        if (email.Length == 0 || !new MailAddressAttribute().IsValid(email))
        {
            faults[EmailField] = UserTexts.EmailInvalid;
        }
        else if (role is null)
        {
            faults[RoleField] = AdministratorTexts.RoleInvalid;
        }
        else
        {
            var (outcome, url) = await invite.RunAsync(request.Call, email, role.Value, request.Aborted);
            if (outcome == InviteOutcome.Invited)
            {
                return Show(request, url!);
            }

            faults[EmailField] = AdministratorTexts.Exists;
        }

        return new PageResult<NewAdministratorPage>(request, StatusCodes.Status400BadRequest)
        {
            Parameters =
            {
                [nameof(NewAdministratorPage.Faults)] = faults, [nameof(NewAdministratorPage.Email)] = email,
                [nameof(NewAdministratorPage.Role)] = request.Field(RoleField),
            },
        };
    }

    public async Task<IResult> InviteAgainAsync(DashboardRequest request) => Answer(request, await invite.RunAgainAsync(request.Call, request.Route("id"), request.Aborted));

    /// <summary>Removes the factors, ends the sessions and makes an invitation: the administrator has lost the second step.</summary>
    public async Task<IResult> ResetAsync(DashboardRequest request) => Answer(request, await reset.RunAsync(request.Call, request.Route("id"), request.Aborted));

    public async Task<IResult> SetRoleAsync(DashboardRequest request) => AdministratorRoles.Find(request.Field(RoleField)) is { } role
        ? Answer(request, await manage.SetRoleAsync(request.Call, request.Route("id"), role, request.Aborted), AdministratorTexts.RoleChanged, AdministratorRoutes.Of(request.Route("id")))
        : Answer(request, ManageAdministratorOutcome.NotFound, "", "");

    public async Task<IResult> RemoveAsync(DashboardRequest request) =>
        Answer(request, await manage.RemoveAsync(request.Call, request.Route("id"), request.Aborted), AdministratorTexts.RemoveDone, AdministratorRoutes.List);

    private async Task<IResult> EndAsync(DashboardRequest request, string userId, string back)
    {
        var sessionId = request.Field(SessionTable.SessionField);
        await sessions.EndAsync(request.Call, userId, sessionId.Length == 0 ? null : sessionId, request.Aborted);
        return new DashboardRedirect(back) { Flash = AdministratorTexts.SessionEnded };
    }

    private static IResult Answer(DashboardRequest request, (InviteOutcome Outcome, string? Url) invited) =>
        invited.Outcome == InviteOutcome.Invited ? Show(request, invited.Url!) : PageFault.NotFound(request);

    private static IResult Answer(DashboardRequest request, ManageAdministratorOutcome outcome, string done, string next) => outcome switch
    {
        ManageAdministratorOutcome.Done => new DashboardRedirect(next) { Flash = done },
        ManageAdministratorOutcome.NotFound => PageFault.NotFound(request),
        ManageAdministratorOutcome.LastOwner => new PageResult<FaultPage>(request, StatusCodes.Status409Conflict)
        {
            Parameters = { [nameof(FaultPage.Fault)] = new PageFault(409, AdministratorTexts.LastOwner, AdministratorTexts.LastOwnerHelp) },
        },
    };

    private static PageResult<InvitationLinkPage> Show(DashboardRequest request, string url) => new(request)
    {
        Parameters = { [nameof(InvitationLinkPage.Url)] = url },
    };
}
