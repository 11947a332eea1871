using Sallyport.Server.Http.OpenApi;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Sallyport.Server.Http.Paging;

/// <summary>
/// Which part of a list is asked for (docs/management-api.md §E.3): a page, or what follows a checkpoint. Where the query has both,
/// the checkpoint wins. Lists are in the order of their ids, so that a checkpoint stays where it is.
/// </summary>
internal sealed record ListWindow(Page Page, int? Take, string? From) : IEndpointParameterMetadataProvider
{
    private const int MaxTake = 100;
    private const int DefaultTake = 50;

    /// <summary>One more than is shown, where it must be known whether there is more.</summary>
    public long Limit => Take + 1 ?? Page.Size;

    public long Start => Take is null ? Page.Start : 0;

    /// <summary>Every id is greater than the empty one.</summary>
    public string After => Take is null ? "" : From ?? "";

    public bool WantsTotal => Take is null && Page.IncludeTotals;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        Page.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(new QueryParameter("from", JsonSchemaType.String));
        builder.Metadata.Add(new QueryParameter("take", JsonSchemaType.Integer));
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<ListWindow> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var from = QueryValues.Text(query, "from");
        var isCheckpoint = from is not null || query["take"].ToString().Length > 0;
        int? take = isCheckpoint ? QueryValues.Int(query, "take", DefaultTake, MaxTake) : null;
        return take == 0
            ? throw new ApiException(ApiError.Query("Value must not be less than 1", "take"))
            : new ListWindow(await Page.BindAsync(context, parameter), take, from);
    }

    /// <param name="rows">What <see cref="Limit"/> let through.</param>
    public ListPart<T> Cut<T>(IReadOnlyList<T> rows, long total, Func<T, string> id)
    {
        if (Take is not { } take)
        {
            return new ListPart<T>(rows, Page.IncludeTotals) { Start = Page.Start, Limit = Page.Size, Total = total };
        }

        var shown = rows.Take(take).ToList();
        return new ListPart<T>(shown, IsPage: true) { Next = rows.Count > take ? id(shown[^1]) : null };
    }
}

/// <summary>The part of a list that is shown. What its shape does not have is null.</summary>
/// <param name="IsPage">An object around the array.</param>
internal sealed record ListPart<T>(IReadOnlyList<T> Items, bool IsPage)
{
    public int? Start { get; init; }

    public int? Limit { get; init; }

    public long? Total { get; init; }

    public string? Next { get; init; }

    public ListPart<TShown> Show<TShown>(Func<T, TShown> show) =>
        new([.. Items.Select(show)], IsPage) { Start = Start, Limit = Limit, Total = Total, Next = Next };
}
