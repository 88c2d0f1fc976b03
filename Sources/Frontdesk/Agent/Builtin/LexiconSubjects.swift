extension Lexicon {
    /// Orders and what is done with them.
    static let orders: [(Concept, String)] = [
        (
            .order,
            """
            order|purchase|package|parcel|shipment|delivery|stuff|item|items|things|goods|\
            ordered|bought|purchased|order status|did i order|i ordered|i bought
            """
        ),
        (.orders, "orders|purchases|order history|order list"),
        (
            .orderNumber,
            """
            order number|order no|order nr|order id|order num|ord|order numbers|ordernumber
            """
        ),
        (
            .cancel,
            """
            cancel|cancelling|canceling|cancellation|call off|annul|order cancelled|\
            order canceled|be cancelled|dont want my|dont want it anymore|do not want it anymore|\
            no longer want|no longer need|dont need my|stop my order|dont want the order|\
            take back my order|it cancelled|it canceled|undo my order|withdraw|i dont want my|\
            i dont want it anymore|i dont want the order|i do not want my|\
            i do not want the order|i no longer want|i no longer need|i dont need my|\
            i dont need it anymore|i dont want this anymore
            """
        ),
        (.cancelWish, "cancel"),
        (
            .change,
            """
            change|changing|update|updating|modify|modifying|edit|editing|amend|alter|correct|\
            adjust|fix|redirect|reroute|i moved|i have moved|ive moved|we moved|new address|\
            wrong address|different address
            """
        ),
        (.set, "mark|set|flag|declare"),
        (
            .place,
            """
            place an order|place a new order|place another order|place order|place my order|\
            placing an order|new order|make an order|make a new order|make a purchase|\
            create an order|create a new order|create order|another order|order something|\
            buy something|want to order|like to order|need to order|can i order|could i order|\
            i want to order|id like to order|i would like to order|i need to order|i wanna order|\
            wanna order|want to buy|like to buy|i want to buy|id like to buy|i would like to buy|\
            i need to buy|can i buy|could i buy|like to purchase|want to purchase|\
            id like to purchase|i would like to purchase|i want to purchase|order again|reorder|\
            buy|submit an order|submit order|start an order|start a new order|let me order|\
            order more|how do i order|how can i order
            """
        ),
        (
            .whereabouts,
            """
            where is|wheres|where are|where|where has|where did|where was|whereabouts|how far|\
            locate|location of|find my|where the hell is|where on earth is|wheres my|where is my
            """
        ),
        (
            .track,
            """
            track|tracking|trace|tracking number|tracking no|tracking info|tracking information|\
            carrier|courier|tracker
            """
        ),
        (
            .status,
            """
            status|state|statuses|any update|any updates|an update|update on|updates on|\
            status update|any news|any news on|news on|whats happening with|\
            what is happening with|whats happening to|whats going on with|what is going on with|\
            what happened to|what happened with|how is|hows|order status|check on|progress|\
            current state|check my order|check order|checking on|follow up on|\
            whats the story with|any word on|update about|check up on|update for|updates for
            """
        ),
        (
            .progress,
            """
            pending|confirmed|shipped|ship|shipping|delivered|cancelled|canceled|arrive|arrived|\
            arriving|arrival|eta|dispatched|dispatch|in transit|on its way|on the way|expected|\
            when will|when is|when does|when do|when can|been sent|sent out|gone out|\
            delivery date|late|delayed|delay|out for delivery|left yet|come|coming|here yet|\
            get here|got here|show up|taking so long|take so long|taking forever|still waiting|\
            overdue|received|deliver|how long|delivery time|hasnt come|reach me|sent yet|\
            unshipped|undelivered|when should|processed|waiting for|hasnt arrived|\
            havent received|not arrived|not received|didnt arrive|never arrived|never came
            """
        ),
        (
            .list,
            """
            show|list|find|search|search for|look up|lookup|display|give me|which|any|look for|\
            are there|pull up|get me|see|view|get|check|open up
            """
        ),
        (
            .details,
            """
            details|detail|info|information|summary|overview|what did i order|\
            what have i ordered|what did i buy|whats in|what is in|what was in|how much|how many|\
            show me|tell me about|tell me more|more about|receipt|invoice|contents|\
            when did i order|when was|when did|who ordered|what was|full details|\
            everything about|look at|total|price|cost|what do you know about|what address|\
            which address|what product|what i ordered|describe|specifics|particulars|more info|\
            more information|more details|show|view|look up|lookup|pull up|display|open up|\
            read me|what are
            """
        ),
        (
            .address,
            """
            address|delivery address|shipping address|billing address|street|shipping location|\
            deliver it to|send it to|ship it to|ship to|deliver to|send to|my address|\
            destination|postal address
            """
        ),
        (.product, "product|sku|article|product code|size|colour|color|model|item number"),
        (
            .note,
            """
            note|a note|remark|remarks|comment|instruction|instructions|delivery instructions|\
            delivery instruction|notes
            """
        ),
        (
            .quantity,
            """
            quantity|qty|amount of items|number of items|how many pieces|pieces|count|quantities
            """
        ),
        (.amount, "amount|total|total amount|price|sum|payment|payment method|card"),
        (.name, "name|customer name|customer|surname|last name|recipient name"),
    ]

    /// Complaints.
    static let complaints: [(Concept, String)] = [
        (
            .complaint,
            """
            complaint|complain|complaining|complained|complaint number|complaint no|complaint id|\
            grievance|support ticket|open a ticket|file a ticket|raise a ticket|a claim|\
            file a claim|case number|not happy|unhappy|dissatisfied|not satisfied|disappointed|\
            unacceptable|make a complaint|register a complaint|file a complaint|report a problem|\
            report a issue|report an issue|report a damaged|report damage|report a fault
            """
        ),
        (.complaints, "complaints|claims|grievances"),
        (
            .problem,
            """
            broken|damaged|defective|faulty|defect|cracked|smashed|scratched|torn|shattered|\
            dented|wrong item|wrong product|wrong size|wrong colour|wrong color|wrong order|\
            wrong article|missing item|missing items|missing part|missing parts|is missing|\
            are missing|was missing|doesnt work|does not work|stopped working|not working|\
            didnt work|dead on arrival|overcharged|charged twice|double charged|scam|\
            poor quality|bad quality|terrible service|not as described|wont turn on|\
            does not turn on|doesnt turn on|overheats|leaking|incomplete|something else arrived|\
            got the wrong|received the wrong|sent me the wrong|sent the wrong|incorrect item|\
            keeps breaking
            """
        ),
        (
            .refund,
            """
            refund|refunds|refunded|money back|my money|return|returns|returning|send it back|\
            send back|exchange|replacement|replace|reimburse|reimbursement|chargeback|\
            compensation|warranty|give it back|exchange it|replace it
            """
        ),
        (
            .resolve,
            """
            resolve|resolved|solve|solved|close|closed|settle|settled|fixed|done|finished|sorted|\
            no longer a problem
            """
        ),
        (.reopen, "reopen|re-open|open again|reactivate"),
        (.archive, "archive|archived|hide"),
        (.priority, "priority|urgent|urgently|prio|severity"),
        (
            .file,
            """
            register|file|submit|make|raise|lodge|open a|open an|create|start|log|have a|report|\
            want to|like to|i have a
            """
        ),
    ]

    /// E-mail, tickets, references.
    static let others: [(Concept, String)] = [
        (
            .email,
            """
            email|e-mail|emails|e-mails|mail|emailing|mails|by email|by e-mail|via email|\
            email me|e-mail me|mail me|an email|an e-mail|e mail|inbox|smtp|mailed|emailed
            """
        ),
        (
            .send,
            """
            send|forward|send me|send it|send them|sending|mail me|email me|e-mail me|forward me
            """
        ),
        (
            .ownEmail,
            """
            my email|my email is|my e-mail|my e-mail is|my email address|my email address is|\
            email address is|my mail is|email is|e-mail is
            """
        ),
        (
            .working,
            """
            working|work|works|test|tested|testing|configured|connection|set up|setup|check|\
            available|running|enabled|online|function|functioning|operational|down|up|being sent|\
            go out|going out
            """
        ),
        (.ticket, "ticket|tickets"),
        (.upgrade, "upgrade|upgrades|upgraded|upgrading|upgrade options"),
        (
            .tier,
            """
            non-stop|nonstop|non stop|double fun|double-fun|doublefun|standard upgrade|tier|\
            tiers|non-stop experience|double fun package
            """
        ),
        (
            .cheapest,
            """
            cheapest|cheaper|cheapest day|cheapest date|the cheapest|lowest price|best price|\
            least expensive|best day|best date|cheap
            """
        ),
        (
            .booking,
            """
            book it|order it|book|reserve|reserve it|buy it|take it|ill take it|i will take it|\
            book that|order that|get it
            """
        ),
        (
            .it,
            """
            it|that|this|that one|this one|that order|this order|the order|the same|same|\
            same order|the same order|the one
            """
        ),
        (
            .them,
            """
            them|these|those|all of them|both of them|they|these orders|those orders|\
            each of them|both orders|all of these|all of those
            """
        ),
        (
            .one,
            """
            first one|second one|third one|fourth one|fifth one|last one|latest one|newest one|\
            oldest one|latest order|last order|newest order|oldest order|first order|\
            second order|third order|fourth order|fifth order|the first|the second|the third|\
            the fourth|the fifth|the last|the latest|the newest|the oldest|1st|2nd|3rd|4th|5th|\
            number one|number two|number three|most recent|most recent one|most recent order|\
            my last order|my latest order|first|second|third|fourth|fifth|last|latest
            """
        ),
    ]
}
