using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;

namespace Sallyport.Server.Dashboard.Administrators;

/// <summary>The forms about administrators and sessions.</summary>
internal sealed class AdministratorActions(AdministratorSessions sessions)
{
    /// <summary>Ends one session of the administrator, or all.</summary>
    public async Task<IResult> EndOwnSessionsAsync(DashboardRequest request)
    {
        var sessionId = request.Field(SessionTable.SessionField);
        await sessions.EndAsync(request.Call, request.Session.Administrator.UserId, sessionId.Length == 0 ? null : sessionId, request.Aborted);
        return new DashboardRedirect(AdministratorRoutes.OwnSessions) { Flash = AdministratorTexts.SessionEnded };
    }
}
