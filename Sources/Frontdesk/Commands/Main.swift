/// The `frontdesk` program.
@main
enum Main {
    static func main() async {
    }
}
