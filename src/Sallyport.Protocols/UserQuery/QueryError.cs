namespace Sallyport.Protocols.UserQuery;

/// <summary>Why a query could not be parsed.</summary>
/// <param name="Position">Of the character that is at fault, counted from one.</param>
public sealed record QueryError(string Message, int Position)
{
    public override string ToString() => $"{Message}, at character {Position}";
}
