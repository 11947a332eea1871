using Microsoft.AspNetCore.Components;
using Sallyport.Server.Administrators;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Dashboard;

/// <summary>The lowest role that may call a route of the dashboard. Every route has it as metadata, and it is declared nowhere else.</summary>
/// <param name="Role">The lowest role; null for everybody, without a session.</param>
internal sealed record DashboardAccess(AdministratorRole? Role)
{
    /// <summary>The form comes from another page of this server, and proves itself in another way than by <see cref="FormOrigin"/>.</summary>
    public bool IsResult { get; init; }
}

/// <summary>Maps the pages and the actions of the dashboard, one line each. <see cref="DashboardGate"/> enforces what they declare.</summary>
internal sealed class DashboardRoutes(IEndpointRouteBuilder routes)
{
    public const string Root = "/dashboard";

    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    private readonly RouteGroupBuilder group = routes.MapGroup(Root).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    /// <summary>A page for administrators with at least this role.</summary>
    public DashboardRoutes Page<TPage>(string path, AdministratorRole role)
        where TPage : IComponent =>
        Map(path, ReadMethods, new DashboardAccess(role), request => Task.FromResult<IResult>(new PageResult<TPage>(request)));

    /// <summary>A form that administrators with at least this role may send.</summary>
    public DashboardRoutes Action<TActions>(string path, AdministratorRole role, Func<TActions, DashboardRequest, Task<IResult>> act)
        where TActions : notnull =>
        Map(path, [HttpMethods.Post], new DashboardAccess(role), request => Act(request, act));

    /// <summary>A page that needs no session.</summary>
    public DashboardRoutes OpenPage<TPage>(string path)
        where TPage : IComponent =>
        Map(path, ReadMethods, new DashboardAccess(Role: null), request => Task.FromResult<IResult>(new PageResult<TPage>(request)));

    /// <summary>A form that needs no session.</summary>
    public DashboardRoutes OpenAction<TActions>(string path, Func<TActions, DashboardRequest, Task<IResult>> act)
        where TActions : notnull =>
        Map(path, [HttpMethods.Post], new DashboardAccess(Role: null), request => Act(request, act));

    /// <summary>Takes the signed result of a second factor, which the hosted page posts.</summary>
    public DashboardRoutes OpenResult<TActions>(string path, Func<TActions, DashboardRequest, Task<IResult>> act)
        where TActions : notnull =>
        Map(path, [HttpMethods.Post], new DashboardAccess(Role: null) { IsResult = true }, request => Act(request, act));

    private static Task<IResult> Act<TActions>(DashboardRequest request, Func<TActions, DashboardRequest, Task<IResult>> act)
        where TActions : notnull =>
        act(request.Context.RequestServices.GetRequiredService<TActions>(), request);

    private DashboardRoutes Map(string path, string[] methods, DashboardAccess access, Func<DashboardRequest, Task<IResult>> handle)
    {
        RequestDelegate run = context => context.RequestServices.GetRequiredService<DashboardGate>().RunAsync(context, access, handle);
        group.MapMethods(path, methods, run).WithMetadata(access);
        return this;
    }
}
