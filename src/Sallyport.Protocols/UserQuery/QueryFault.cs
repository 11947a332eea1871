namespace Sallyport.Protocols.UserQuery;

/// <summary>Unwinds the parser's recursion; becomes a <see cref="QueryError"/> before it leaves.</summary>
internal sealed class QueryFault(string message, int offset) : Exception(message)
{
    public int Offset => offset;
}
